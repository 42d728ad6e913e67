/**
 * What operators see of dead letters, and how their requests to retry or discard them are carried
 * out.
 */
@NullMarked
package io.kontor.projection.deadletter;

import org.jspecify.annotations.NullMarked;
