package io.kontor.api.account;

import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;

/**
 * The read model of an account.
 *
 * @param available what is available: {@code balance + overdraftLimit - held}
 * @param version its stream's version
 */
public record AccountDetails(
    UUID id,
    String customer,
    String owner,
    Currency currency,
    AccountStatus status,
    Money balance,
    Money held,
    Money available,
    Money overdraftLimit,
    long version,
    Instant openedAt) {}
