package io.kontor.api.inventory;

import io.kontor.api.message.VersionedResult;
import io.kontor.api.money.Money;

/**
 * The read model of a product.
 *
 * @param available what is on hand and not reserved
 */
public record ProductDetails(
    String sku, String name, Money price, long onHand, long reserved, long available, long version)
    implements VersionedResult {}
