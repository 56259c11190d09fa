"""What users do, one module each: joins the judging half and the store. Opens no session: callers pass one."""
