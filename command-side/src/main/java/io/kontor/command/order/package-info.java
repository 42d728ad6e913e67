/**
 * Orders: whether they go forward or back, and which of both won. How each step is done is the
 * process's business.
 */
@NullMarked
package io.kontor.command.order;

import org.jspecify.annotations.NullMarked;
