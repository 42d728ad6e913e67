package io.kontor.api.statement;

import java.util.UUID;

/**
 * The document of a statement can be fetched from now on. It is said within this program, once, in
 * the transaction that makes it so, and is not stored among the events.
 *
 * @param customer the account's
 */
public record StatementReady(UUID statement, UUID account, String customer) {}
