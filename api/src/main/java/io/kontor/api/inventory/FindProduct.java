package io.kontor.api.inventory;

/** Answers {@link ProductDetails}, or nothing when it is unknown. */
public record FindProduct(InventoryItemId item) {}
