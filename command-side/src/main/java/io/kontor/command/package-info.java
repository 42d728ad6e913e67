/**
 * Wires the command side into an application. What is decided, and why, lives in the packages
 * below.
 */
@NullMarked
package io.kontor.command;

import org.jspecify.annotations.NullMarked;
