package io.kontor.projection.write;

import io.kontor.projection.RowChanges;
import io.kontor.tenancy.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a committed batch changed in one read model.
 *
 * @param edition of the read model's rows; another edition has nothing in common with it
 * @param from the read model's position before the batch
 * @param to its position after the batch
 * @param changes all changed rows, perhaps more; null if they are not known and any may have
 *     changed
 */
public record ReadModelChange(
    String projection,
    long edition,
    long from,
    long to,
    @Nullable Map<TenantId, RowChanges> changes) {}
