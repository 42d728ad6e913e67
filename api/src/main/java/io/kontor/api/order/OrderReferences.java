package io.kontor.api.order;

import java.util.UUID;

/**
 * What the parties to an order know it by. Each is made with the order, so that asking a party
 * again is asking for the same thing.
 *
 * @param hold the hold on the account
 * @param capture the journal entry that books it out
 * @param refund the journal entry that would book it back
 * @param shipment the shipment
 */
public record OrderReferences(UUID hold, UUID capture, UUID refund, UUID shipment) {}
