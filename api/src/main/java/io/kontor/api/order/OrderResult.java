package io.kontor.api.order;

import io.kontor.api.message.VersionedResult;
import java.util.UUID;

/** What an order's commands answer: how it stands after the command. */
public record OrderResult(UUID id, OrderStatus status, long version) implements VersionedResult {}
