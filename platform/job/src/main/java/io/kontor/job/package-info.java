/**
 * Scheduled jobs on db-scheduler: stored with the token of the event that caused them, retried
 * until they succeed or are given up, and traced. What a job does is its module's.
 */
@NullMarked
package io.kontor.job;

import org.jspecify.annotations.NullMarked;
