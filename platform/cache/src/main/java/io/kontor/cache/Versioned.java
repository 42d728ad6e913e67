package io.kontor.cache;

import org.jspecify.annotations.Nullable;

/**
 * A value, or its absence, at a version.
 *
 * @param value null if there is none
 */
public record Versioned<T>(Version version, @Nullable T value) {}
