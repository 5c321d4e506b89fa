package io.sendport.samples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Stores orders; each has an invoice that Sendport mails. */
@SpringBootApplication
public class OrdersApplication {

    /** Starts. */
    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }
}
