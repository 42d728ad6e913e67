/** The HTTP calls that place, cancel and recover orders. */
@NullMarked
package io.kontor.command.order.web;

import org.jspecify.annotations.NullMarked;
