/** The HTTP call that forgets a data subject. */
@NullMarked
package io.kontor.command.datasubject.web;

import org.jspecify.annotations.NullMarked;
