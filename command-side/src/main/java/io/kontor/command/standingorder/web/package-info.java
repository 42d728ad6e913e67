/** The HTTP calls of standing orders. */
@NullMarked
package io.kontor.command.standingorder.web;

import org.jspecify.annotations.NullMarked;
