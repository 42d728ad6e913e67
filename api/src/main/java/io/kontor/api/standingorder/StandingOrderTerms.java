package io.kontor.api.standingorder;

import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import org.jspecify.annotations.Nullable;

/**
 * What a standing order executes, and when.
 *
 * @param from the account that pays
 * @param to the account of this bank that receives; null when another bank's does
 * @param creditor a sealed {@link io.kontor.api.payment.Creditor} at another bank; null otherwise
 * @param reference for the receiver, may be empty
 */
public record StandingOrderTerms(
    AccountId from,
    @Nullable AccountId to,
    @Nullable SealedText creditor,
    Money amount,
    String reference,
    Schedule schedule) {}
