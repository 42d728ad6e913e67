package io.kontor.api.endofday;

import io.kontor.api.account.AccountId;
import java.time.LocalDate;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * An account, or all accounts in a currency that have none of their own, have these conditions from
 * a day on. A day that had ended when this was recorded keeps those that it had.
 *
 * @param account null for those of the currency
 */
public record ConditionsSet(
    ConditionsId conditions,
    @Nullable AccountId account,
    Currency currency,
    LocalDate from,
    AccountTerms terms) {}
