/** The HTTP calls of bank days and conditions. */
@NullMarked
package io.kontor.command.endofday.web;

import org.jspecify.annotations.NullMarked;
