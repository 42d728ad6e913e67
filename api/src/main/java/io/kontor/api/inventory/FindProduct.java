package io.kontor.api.inventory;

/** Returns {@link ProductDetails}, or nothing when it is unknown. */
public record FindProduct(InventoryItemId item) {}
