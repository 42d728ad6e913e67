package io.kontor.api.datasubject;

import io.kontor.tenancy.StreamId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person was forgotten; the metadata has who requested it.
 *
 * @param key the deleted key; null when nothing was sealed for the subject
 */
public record DataSubjectForgotten(StreamId stream, String subject, @Nullable UUID key) {}
