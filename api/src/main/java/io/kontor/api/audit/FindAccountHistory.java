package io.kontor.api.audit;

import java.util.UUID;

/**
 * Returns a list of {@link AccountMoment}, in the order of the account's stream. An unknown account
 * gives none.
 *
 * @param from the sequence number of the first event
 */
public record FindAccountHistory(UUID account, long from, int limit) {}
