package io.kontor.cache;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a commit changed in one read model.
 *
 * @param from the model's position before the commit
 * @param to its position after the commit
 * @param keys the changed rows, perhaps more; null if any may have changed
 */
public record ModelChange(
    String model, long edition, long from, long to, @Nullable Set<CacheKey> keys) {}
