/**
 * Publishes integration events, exactly once for consumers that read committed records:
 * docs/adr/0022.
 */
@NullMarked
package io.kontor.integration.outbox;

import org.jspecify.annotations.NullMarked;
