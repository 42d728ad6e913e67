/**
 * Payments to other banks: what can be asked of one, what happens to it, and how it can be read.
 */
@NullMarked
package io.kontor.api.payment;

import org.jspecify.annotations.NullMarked;
