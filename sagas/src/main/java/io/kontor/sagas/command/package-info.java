/** Sends the commands of sagas, policies and jobs, and returns their outcomes. */
@NullMarked
package io.kontor.sagas.command;

import org.jspecify.annotations.NullMarked;
