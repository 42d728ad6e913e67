package io.kontor.api.order;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Returns {@link OrderDetails}, or nothing when it is unknown.
 *
 * @param customer when set, only this customer's orders are visible
 */
public record FindOrder(UUID order, @Nullable String customer) {}
