package io.kontor.cache;

import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * A kind of cached value.
 *
 * @param name the read model's name
 * @param format changes with the fields of {@code type}: other formats are not read
 * @param type stored in Redis as JSON
 * @param weight approximate bytes in memory
 * @param storable whether a value may be kept; personal data must be sealed
 */
public record CachedModel<T>(
    String name, byte format, Class<T> type, ToIntFunction<T> weight, Predicate<T> storable) {}
