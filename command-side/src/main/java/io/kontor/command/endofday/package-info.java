/** The bank days of a tenant, and the conditions of accounts. */
@NullMarked
package io.kontor.command.endofday;

import org.jspecify.annotations.NullMarked;
