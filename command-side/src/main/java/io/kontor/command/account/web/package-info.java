/** The HTTP calls that change accounts. */
@NullMarked
package io.kontor.command.account.web;

import org.jspecify.annotations.NullMarked;
