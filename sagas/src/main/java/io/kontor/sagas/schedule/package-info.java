/**
 * Scheduled jobs: stored with the token of the event that caused them, and retried until they
 * succeed or are given up.
 */
@NullMarked
package io.kontor.sagas.schedule;

import org.jspecify.annotations.NullMarked;
