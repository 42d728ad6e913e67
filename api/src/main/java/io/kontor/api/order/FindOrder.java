package io.kontor.api.order;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@link OrderDetails}, or nothing when it is unknown.
 *
 * @param customer with one, other customers' orders do not exist
 */
public record FindOrder(UUID order, @Nullable String customer) {}
