package io.kontor.sagas.order;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A saga's row.
 *
 * @param wakeAt when it acts without an event
 * @param parked references of events that it failed on; null while it does not fail
 */
record StoredOrderSaga(
    int version,
    String revision,
    String payload,
    @Nullable Instant wakeAt,
    @Nullable List<EventReference> parked) {}
