package io.kontor.api.ledger;

import java.util.Currency;

/**
 * The totals of the ledger in one currency, as decimal strings.
 *
 * @param difference debits less credits: always {@code "0"}
 */
public record TrialBalance(Currency currency, String debits, String credits, String difference) {}
