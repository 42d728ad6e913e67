/**
 * The HTTP command API: reads requests, sends commands, writes answers. It decides nothing about
 * money.
 */
@NullMarked
package io.kontor.command.web;

import org.jspecify.annotations.NullMarked;
