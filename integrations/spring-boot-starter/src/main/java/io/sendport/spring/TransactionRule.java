package io.sendport.spring;

import io.sendport.spring.SendportProperties.Transactions;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * How a submission relates to the current Spring transaction.
 *
 * @param transactions the value of the property
 * @param property the name of the property, for messages
 */
record TransactionRule(Transactions transactions, String property) {

    /**
     * Whether a submission must now join the current transaction.
     *
     * @throws IllegalTransactionStateException when a transaction is mandatory and none is active
     */
    boolean joins() {
        if (transactions == Transactions.IGNORE) {
            return false;
        }
        boolean isActive = TransactionSynchronizationManager.isActualTransactionActive();
        if (!isActive && transactions == Transactions.MANDATORY) {
            throw new IllegalTransactionStateException(
                    "The submission needs a transaction, and none is active. Make the"
                            + " calling method @Transactional, or set " + property
                            + "=join, which also allows submissions outside a transaction");
        }
        return isActive;
    }
}
