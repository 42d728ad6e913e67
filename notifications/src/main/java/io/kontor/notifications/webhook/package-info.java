/**
 * Webhooks: calls to a tenant's systems, signed as Standard Webhooks has it, made by jobs and never
 * to an address inside the bank's network.
 */
@NullMarked
package io.kontor.notifications.webhook;

import org.jspecify.annotations.NullMarked;
