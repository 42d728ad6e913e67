package io.kontor.api.account;

import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;

/**
 * An account as it can be read.
 *
 * @param available what can be spent: {@code balance + overdraftLimit - held}
 * @param version the version of its stream
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
