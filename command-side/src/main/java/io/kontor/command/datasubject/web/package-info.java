/** The HTTP call that forgets a person. */
@NullMarked
package io.kontor.command.datasubject.web;

import org.jspecify.annotations.NullMarked;
