package io.kontor.api.order;

import io.kontor.api.message.VersionedResult;
import java.util.UUID;

/** The result of an order's commands: its state after the command. */
public record OrderResult(UUID id, OrderStatus status, long version) implements VersionedResult {}
