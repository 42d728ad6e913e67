/**
 * Personal data that can be forgotten: sealed with a key per data subject, readable for as long as
 * that key exists. It depends on no account and no customer, only on subjects by name.
 */
@NullMarked
package io.kontor.personaldata;

import org.jspecify.annotations.NullMarked;
