package io.kontor.api.order;

import java.util.UUID;

/**
 * The references of an order with its parties. They are created with the order, so that a repeated
 * request to a party has the same reference.
 *
 * @param hold the hold on the account
 * @param capture the journal entry that captures it
 * @param refund the journal entry that would refund the capture
 * @param shipment the shipment
 */
public record OrderReferences(UUID hold, UUID capture, UUID refund, UUID shipment) {}
