package io.sendport.spring;

import io.sendport.spring.SendportProperties.Transactions;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What a submit has to do with the transaction that Spring has under way.
 *
 * @param transactions the value of the property
 * @param property its name, for messages
 */
record TransactionRule(Transactions transactions, String property) {

    /**
     * Whether a submit now is to be part of a transaction.
     *
     * @throws IllegalTransactionStateException when it must be, and there is none
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
