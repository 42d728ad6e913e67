package io.kontor.api.payment;

import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.util.UUID;

/**
 * The data that carrying out a payment needs. Each event that triggers work carries it, so that the
 * handler needs no state.
 *
 * @param from the account that pays
 * @param creditor a sealed {@link Creditor}
 * @param reference for the creditor, may be empty
 * @param hold the hold on the account
 * @param capture the journal entry that captures it
 * @param comeback the journal entry that would book a return
 */
public record PaymentTerms(
    AccountId from,
    Money amount,
    SealedText creditor,
    String reference,
    UUID hold,
    UUID capture,
    UUID comeback) {}
