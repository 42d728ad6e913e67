/** The HTTP calls that request payments and report what the clearing house decided. */
@NullMarked
package io.kontor.command.payment.web;

import org.jspecify.annotations.NullMarked;
