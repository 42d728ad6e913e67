/**
 * Turns HTTP requests into commands and results into responses: idempotency keys, versions,
 * rejections as problems. No business rules.
 */
@NullMarked
package io.kontor.command.http;

import org.jspecify.annotations.NullMarked;
