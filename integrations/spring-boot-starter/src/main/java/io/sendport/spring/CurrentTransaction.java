package io.sendport.spring;

import io.sendport.api.submit.Submitter;
import java.util.Optional;

/** Decides whether a submission joins the current Spring transaction, in an application that runs send ports itself. */
interface CurrentTransaction {

    /** Never joins; for an application without transactions. */
    CurrentTransaction NONE = isOnPostgres -> Optional.empty();

    /**
     * Returns the submitter that joins the current transaction; empty when the submission does not join it.
     *
     * @param isOnPostgres whether the message box is on PostgreSQL
     * @throws org.springframework.transaction.IllegalTransactionStateException when the submission must join the transaction and cannot
     */
    Optional<Submitter> joined(boolean isOnPostgres);
}
