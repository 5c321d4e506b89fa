package io.sendport.spring;

import io.sendport.api.submit.Submitter;
import java.util.Optional;

/** What the transaction that Spring has under way means for a submit in an application that sends by itself. */
interface TransactionUnderWay {

    /** For an application without transactions. */
    TransactionUnderWay NONE = isOnPostgres -> Optional.empty();

    /**
     * The submitter that takes part in the transaction; empty when the submit stands alone.
     *
     * @param isOnPostgres whether the message box is on PostgreSQL
     * @throws org.springframework.transaction.IllegalTransactionStateException when the submit must be part of a transaction and cannot be
     */
    Optional<Submitter> joined(boolean isOnPostgres);
}
