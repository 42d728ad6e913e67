package io.kontor.api.order;

import java.util.Set;
import java.util.UUID;

/** Returns those of the ids whose orders are at rest, of any customer. */
public record FindOrdersAtRest(Set<UUID> orders) {}
