package io.sendport.samples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Stores orders, and submits an invoice for each, which Sendport mails. */
@SpringBootApplication
public class OrdersApplication {

    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }
}
