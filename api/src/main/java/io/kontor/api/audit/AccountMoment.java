package io.kontor.api.audit;

import io.kontor.api.account.AccountState;

/**
 * An event of an account, exactly as it is stored.
 *
 * @param state the account's after it
 */
public record AccountMoment(AuditEvent event, AccountState state) {}
