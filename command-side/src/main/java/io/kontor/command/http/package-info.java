/**
 * From an HTTP request to a command and back: idempotency keys, versions, rejections as problems.
 * It decides nothing about money.
 */
@NullMarked
package io.kontor.command.http;

import org.jspecify.annotations.NullMarked;
