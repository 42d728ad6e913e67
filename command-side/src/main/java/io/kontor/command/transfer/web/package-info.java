/** The HTTP calls that transfer money, one by one and in bulk. */
@NullMarked
package io.kontor.command.transfer.web;

import org.jspecify.annotations.NullMarked;
