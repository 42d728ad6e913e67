package io.kontor.api.endofday;

import io.kontor.api.account.AccountId;
import io.kontor.api.message.Validation;
import java.time.LocalDate;
import java.util.Currency;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Sets the conditions of an account, or of all accounts in a currency that have none of their own.
 *
 * @param account null for those of the currency
 * @param from the first day on which they count
 */
public record SetConditions(
    @TargetAggregateIdentifier ConditionsId conditions,
    @Nullable AccountId account,
    Currency currency,
    LocalDate from,
    AccountTerms terms) {
  public SetConditions {
    Validation.that(
        terms.fee().currency().equals(currency), "fee: must be in the account's currency");
  }
}
