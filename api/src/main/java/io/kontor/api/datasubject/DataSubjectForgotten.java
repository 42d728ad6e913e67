package io.kontor.api.datasubject;

import io.kontor.tenancy.StreamId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person was forgotten; the event's metadata says at whose request.
 *
 * @param key the key that was taken away; null when nothing was sealed for the subject
 */
public record DataSubjectForgotten(StreamId stream, String subject, @Nullable UUID key) {}
