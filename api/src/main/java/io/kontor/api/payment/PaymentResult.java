package io.kontor.api.payment;

import io.kontor.api.message.VersionedResult;
import java.util.UUID;

/** What a payment's commands answer: how it stands after the command. */
public record PaymentResult(UUID id, PaymentStatus status, long version)
    implements VersionedResult {}
