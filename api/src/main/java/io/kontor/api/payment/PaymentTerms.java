package io.kontor.api.payment;

import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.util.UUID;

/**
 * What a payment is about, with everything that carrying it out needs: each event that something is
 * done upon tells it, so that whoever does it needs to remember nothing.
 *
 * @param from the account that pays
 * @param creditor a {@link Creditor}, sealed
 * @param reference for the creditor, may be empty
 * @param hold the hold on the account
 * @param capture the journal entry that books it out
 * @param comeback the journal entry that would book it back
 */
public record PaymentTerms(
    AccountId from,
    Money amount,
    SealedText creditor,
    String reference,
    UUID hold,
    UUID capture,
    UUID comeback) {}
